// Gives the secret to an authenticator app, and sees that it arrived: the app's first code.
import { Button, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { postAuth } from '../../accounts/auth-calls.ts'
import { codeDigits, codeProblem } from '../../accounts/field-problems.ts'
import { CodeField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { QrCode } from './qr-code.tsx'
import classes from './settings.module.css'
import { twoFactorTexts } from './two-factor-texts.ts'

const GROUP_LENGTH = 4

/** `totpUri` is `otpauth://totp/…?secret=…`. Nothing is on before the code was right. */
export function ScanStep(props: { totpUri: string; onConfirmed(): Promise<void>; onCancel(): void }) {
  const { totpUri, onConfirmed, onCancel } = props
  const texts = useTexts(twoFactorTexts)
  const shared = useTexts(accountTexts)
  const ui = useTexts(uiTexts)
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    validate: { code: (code) => codeProblem(code, shared) },
  })
  const { onSubmit, isBusy, error } = useFormAct(
    form,
    async ({ code }) => {
      await postAuth('/two-factor/verify-totp', { code: codeDigits(code) })
      await onConfirmed()
    },
    { invalid_code: 'code' },
  )
  const secret = secretOf(totpUri)
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <AccountProblem error={error} />
        <div className={classes.scan}>
          <QrCode text={totpUri} label={texts.qr} className={classes.qr ?? ''} />
          <Stack gap="xs">
            <Text fw={600}>{texts.scanTitle}</Text>
            <Text size="sm">{texts.scanText}</Text>
            <Text size="sm">{texts.manual}</Text>
            <CodeBlock code={inGroups(secret)} copy={secret} label={texts.manualKey} wraps />
          </Stack>
        </div>
        <CodeField maw="16rem" autoFocus key={form.key('code')} {...form.getInputProps('code')} />
        <Group>
          <Button type="submit" loading={isBusy}>
            {texts.confirm}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {ui.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function secretOf(totpUri: string): string {
  return new URL(totpUri).searchParams.get('secret') ?? ''
}

/** Easier to read and to type. */
function inGroups(secret: string): string {
  return secret.match(new RegExp(`.{1,${GROUP_LENGTH}}`, 'g'))?.join(' ') ?? secret
}
