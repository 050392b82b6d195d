// The search and the filters over the list of payments.
import { AdjustmentsHorizontalIcon, MagnifyingGlassIcon, XMarkIcon } from '@heroicons/react/24/outline'
import { ActionIcon, Badge, Button, Collapse, Group, Pill, Stack, TextInput } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useRef } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { FilterFields } from './filter-fields.tsx'
import { countFilters, type PaymentFilters } from './payment-filters.ts'
import { paymentsTexts } from './texts.ts'
import { useTypedText } from './use-typed-text.ts'

const ICON_PX = 18

/** The bar; `onEnter` is called with the search when Enter is pressed in it. */
export function FilterBar(props: {
  filters: PaymentFilters
  onChange(filters: Partial<PaymentFilters>): void
  onEnter(search: string): void
}) {
  const texts = useTexts(paymentsTexts)
  const { filters, onChange, onEnter } = props
  const count = countFilters(filters)
  const [opened, { toggle }] = useDisclosure(count > 0)
  return (
    <Stack gap="sm" mb="md" component="search">
      <Group gap="xs" wrap="nowrap" align="flex-end">
        <SearchField value={filters.search} onSearch={(search) => onChange({ search })} onEnter={onEnter} />
        <Button
          variant="default"
          size="md"
          px="sm"
          onClick={toggle}
          aria-expanded={opened}
          aria-controls="payment-filters"
          leftSection={<AdjustmentsHorizontalIcon width={ICON_PX} aria-hidden />}
          rightSection={count > 0 && <Badge circle>{count}</Badge>}
        >
          {texts.filters}
        </Button>
      </Group>
      <Collapse expanded={opened} id="payment-filters">
        <FilterFields filters={filters} onChange={onChange} />
        <Group mt="sm" gap="xs">
          {filters.code !== '' && (
            <Pill withRemoveButton onRemove={() => onChange({ code: '' })} size="md">
              {texts.failure(filters.code)}
            </Pill>
          )}
          {count > 0 && (
            <Button variant="subtle" size="compact-sm" onClick={() => onChange(NO_FILTERS)}>
              {texts.clearFilters}
            </Button>
          )}
        </Group>
      </Collapse>
    </Stack>
  )
}

const NO_FILTERS: Partial<PaymentFilters> = {
  status: '',
  from: '',
  to: '',
  min: '',
  max: '',
  shortcode: '',
  code: '',
}

function SearchField(props: { value: string; onSearch(text: string): void; onEnter(text: string): void }) {
  const texts = useTexts(paymentsTexts)
  const { value, onSearch, onEnter } = props
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useTypedText(value, onSearch)
  useHotkeys([['mod+K', () => field.current?.focus()]])
  return (
    <TextInput
      ref={field}
      type="search"
      size="md"
      flex={1}
      label={texts.search}
      placeholder={texts.searchHint}
      autoComplete="off"
      enterKeyHint="search"
      maxLength={100}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && text.trim() !== '') onEnter(text)
      }}
      leftSection={<MagnifyingGlassIcon width={ICON_PX} aria-hidden />}
      rightSection={
        text !== '' && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={texts.clearSearch}
            onClick={() => setText('')}
          >
            <XMarkIcon width={ICON_PX} aria-hidden />
          </ActionIcon>
        )
      }
    />
  )
}
