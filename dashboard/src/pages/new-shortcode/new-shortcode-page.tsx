// New shortcode
import { PageHeader } from '../../ui/page-header.tsx'

/** New shortcode */
export function NewShortcodePage() {
  return <PageHeader title="New shortcode" />
}
