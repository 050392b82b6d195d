// Shortcodes
import { PageHeader } from '../../ui/page-header.tsx'

/** Shortcodes */
export function ShortcodesPage() {
  return <PageHeader title="Shortcodes" />
}
