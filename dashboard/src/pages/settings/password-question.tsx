// Asks for the password before something that whoever finds an open device must not be able to do.
import { Button, Group, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ReactNode } from 'react'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { passwordProblem } from '../../accounts/field-problems.ts'
import { PasswordField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useTexts } from '../../texts/language.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { twoFactorTexts } from './two-factor-texts.ts'

/** `children` says what happens then. */
export function PasswordQuestion(props: {
  email: string
  act: string
  danger?: boolean
  children?: ReactNode
  onPassword(password: string): Promise<void>
  onCancel(): void
}) {
  const texts = useTexts(twoFactorTexts)
  const shared = useTexts(accountTexts)
  const ui = useTexts(uiTexts)
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    validate: { password: (password) => passwordProblem(password, shared) },
  })
  const { onSubmit, isBusy, error } = useFormAct(form, ({ password }) => props.onPassword(password), {
    invalid_password: 'password',
  })
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {props.children}
        <AccountProblem error={error} />
        <input type="text" name="username" autoComplete="username" value={props.email} readOnly hidden />
        <PasswordField
          description={texts.passwordFor}
          autoFocus
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Group>
          <Button type="submit" loading={isBusy} color={props.danger === true ? 'red' : 'sukuma'}>
            {props.act}
          </Button>
          <Button variant="default" onClick={props.onCancel}>
            {ui.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
