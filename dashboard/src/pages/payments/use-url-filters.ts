// The filters of the page's address, so that a list can be kept, shared and gone back to.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { filtersAsSearch, type PaymentFilters, readFilters } from './payment-filters.ts'

const TYPED = ['search', 'min', 'max'] as const

/** The filters of the address, and how they are changed there. */
export function useUrlFilters(): [PaymentFilters, (change: Partial<PaymentFilters>) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const filters = useMemo(() => readFilters(search), [search])
  const change = useCallback(
    (changed: Partial<PaymentFilters>) => {
      const search = filtersAsSearch({ ...filters, ...changed })
      // What is being typed is one step back, not one a letter.
      const [name, ...others] = TYPED.filter((typed) => typed in changed)
      const replace = name !== undefined && others.length === 0 && filters[name] !== ''
      void navigate({ to: '/payments', search, replace })
    },
    [filters, navigate],
  )
  return [filters, change]
}
