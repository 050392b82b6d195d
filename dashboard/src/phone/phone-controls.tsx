// What the one who tests can do to a phone from outside: its PIN, its money, and not answering.
import { Button, Group, NumberInput, Popover, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { useLanguage, useTexts } from '../texts/language.tsx'
import { moneyText } from '../ui/money.tsx'
import { changePhone } from './simulator.ts'
import { phoneTexts } from './texts.ts'
import type { KnownPhone } from './watch-state.ts'

const BALANCE_MAX_KES = 500_000
const TICK_MS = 250

type Props = {
  phone: KnownPhone | undefined
  /** The prompt that somebody turned away from. */
  ignoredId: string | null
  setIgnoredId(id: string | null): void
  isSmall?: boolean
}

/** A row of buttons below the phone. */
export function PhoneControls({ phone, ignoredId, setIgnoredId, isSmall = false }: Props) {
  const texts = useTexts(phoneTexts)
  const { language } = useLanguage()
  const prompt = phone?.prompt ?? null
  const isAway = prompt !== null && prompt.id === ignoredId
  const pin = phone?.pin ?? '····'
  const balance = phone?.balanceKes ?? null
  return (
    <Stack gap={isSmall ? 4 : 'xs'} align="center" py={isSmall ? 6 : 0} px="xs">
      <Text size="sm" c="dimmed" ta="center" mih="1.5em">
        {phone && prompt ? <Waiting phone={phone} isAway={isAway} /> : texts.noPrompt}
      </Text>
      <Group gap="xs" justify="center">
        <ChangePin
          label={texts.changePin}
          shown={`${texts.pin} ${pin}`}
          phone={phone}
          first={phone?.pin ?? ''}
        />
        <ChangeBalance
          phone={phone}
          shown={balance === null ? texts.noLimit : moneyText(balance, language)}
        />
        {phone?.isLocked && (
          <Button
            size="compact-sm"
            color="orange.9"
            onClick={() => void changePhone(phone.number, { unlock: true })}
          >
            {texts.unlock}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          disabled={prompt === null}
          onClick={() => setIgnoredId(isAway ? null : (prompt?.id ?? null))}
        >
          {isAway ? texts.pickUp : texts.putAway}
        </Button>
      </Group>
    </Stack>
  )
}

function Waiting({ phone, isAway }: { phone: KnownPhone; isAway: boolean }) {
  const texts = useTexts(phoneTexts)
  const [nowMs, setNowMs] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  const leftMs = (phone.prompt?.leftMs ?? 0) - (nowMs - phone.toldAtMs)
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  return (
    <>
      {isAway && `${texts.away} `}
      {texts.waits(seconds)}
    </>
  )
}

/** A small form behind a button. */
function Change(props: {
  shown: string
  label: string
  phone: KnownPhone | undefined
  save(): Promise<unknown> | null
  children: React.ReactNode
}) {
  const { shown, label, phone, save, children } = props
  const texts = useTexts(phoneTexts)
  const [isOpen, setOpen] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  function submit(event: FormEvent): void {
    event.preventDefault()
    setProblem(null)
    save()?.then(
      () => setOpen(false),
      () => setProblem(texts.noAnswer),
    )
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus withArrow width={220} position="top">
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          disabled={phone === undefined}
          onClick={() => setOpen(!isOpen)}
          aria-label={`${label}: ${shown}`}
          style={{ fontVariantNumeric: 'tabular-nums' }}
        >
          {shown}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit} autoComplete="off">
          <Stack gap="xs">
            {children}
            {problem !== null && (
              <Text size="sm" c="red" role="alert">
                {problem}
              </Text>
            )}
            <Button type="submit" size="sm">
              {texts.save}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

function ChangePin(props: { label: string; shown: string; phone: KnownPhone | undefined; first: string }) {
  const { label, shown, phone, first } = props
  const texts = useTexts(phoneTexts)
  const [pin, setPin] = useState<string | null>(null)
  const typed = pin ?? first
  const isPin = /^\d{4}$/.test(typed)
  const save = () =>
    phone !== undefined && isPin ? changePhone(phone.number, { pin: typed }).then(() => setPin(null)) : null
  return (
    <Change shown={shown} label={label} phone={phone} save={save}>
      <TextInput
        label={label}
        value={typed}
        inputMode="numeric"
        maxLength={4}
        error={isPin ? null : texts.pinForm}
        onChange={(event) => setPin(event.currentTarget.value.replace(/\D/g, ''))}
      />
    </Change>
  )
}

function ChangeBalance({ phone, shown }: { phone: KnownPhone | undefined; shown: string }) {
  const texts = useTexts(phoneTexts)
  const [typed, setTyped] = useState<number | string | null>(null)
  const value = typed ?? phone?.balanceKes ?? 0
  const save = () =>
    phone !== undefined && typeof value === 'number'
      ? changePhone(phone.number, { balanceKes: value }).then(() => setTyped(null))
      : null
  return (
    <Change shown={shown} label={texts.balance} phone={phone} save={save}>
      <NumberInput
        label={texts.setBalance}
        value={value}
        min={0}
        max={BALANCE_MAX_KES}
        allowDecimal={false}
        thousandSeparator=","
        onChange={setTyped}
      />
    </Change>
  )
}
