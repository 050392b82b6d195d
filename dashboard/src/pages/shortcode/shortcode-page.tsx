// Shortcode
import { PageHeader } from '../../ui/page-header.tsx'

/** Shortcode */
export function ShortcodePage() {
  return <PageHeader title="Shortcode" />
}
