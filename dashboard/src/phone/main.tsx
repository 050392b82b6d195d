// The entry of the virtual phone.
import { createRoot } from 'react-dom/client'
import { Providers } from '../providers.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('phone.html has no #root')
createRoot(root).render(<Providers>Phone</Providers>)
