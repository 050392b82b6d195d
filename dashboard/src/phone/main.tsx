// The entry of the virtual phone.
import { createRoot } from 'react-dom/client'
import { Providers } from '../providers.tsx'
import { readPageAddress } from './page-address.ts'
import { PhonePage } from './phone-page.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('phone.html has no #root')
createRoot(root).render(
  <Providers>
    <PhonePage address={readPageAddress(location.search)} />
  </Providers>,
)
