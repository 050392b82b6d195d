// A step that is a form: on with a button, back with another.
import { Button, Group, Stack } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { ReactNode } from 'react'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { developerTexts } from '../../developer/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import type { ShortcodeWish } from './shortcode-wish.ts'

/** `children` are its fields, `problem` shows what belongs to none of them. */
export function FormStep(props: {
  form: UseFormReturnType<ShortcodeWish>
  act?: string
  children: ReactNode
  problem?: (error: unknown) => ReactNode
  onValid(wish: ShortcodeWish): Promise<void>
  onBack?: (() => void) | null
}) {
  const { back, next } = useTexts(developerTexts)
  const { form, onBack = null } = props
  const { onSubmit, isBusy, error } = useFormAct(form, props.onValid)
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        {props.children}
        {error !== null && props.problem?.(error)}
        <Group justify="space-between">
          {onBack === null ? (
            <span />
          ) : (
            <Button variant="default" onClick={onBack}>
              {back}
            </Button>
          )}
          <Button type="submit" loading={isBusy}>
            {props.act ?? next}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
