// The filters of the page's address, so that a list can be kept, shared and gone back to.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { filtersAsSearch, type PaymentFilters, readFilters } from './payment-filters.ts'

/** The filters of the address, and how they are changed there. */
export function useUrlFilters(): [PaymentFilters, (change: Partial<PaymentFilters>) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const filters = useMemo(() => readFilters(search), [search])
  const change = useCallback(
    (changed: Partial<PaymentFilters>) => {
      const search = filtersAsSearch({ ...filters, ...changed })
      // A search that is being typed is one step back, not one a letter.
      void navigate({ to: '/payments', search, replace: 'search' in changed && filters.search !== '' })
    },
    [filters, navigate],
  )
  return [filters, change]
}
