// What a form does when it is sent: one act at a time, its refusals beside the fields they are about.
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { ApiProblem } from '../api/problem.ts'
import { useTexts } from '../texts/language.tsx'
import { problemTexts } from '../ui/problem-texts.ts'

/** What a form needs to be sent. `error` is what belongs to no field of it. */
export type FormAct = {
  onSubmit(event?: React.SyntheticEvent<HTMLFormElement>): void
  isBusy: boolean
  error: unknown
}

type FormValues = Record<string, unknown>

/**
 * Sends `form` by `act`. `fieldOfCode` names the field that a refusal with that code is about. The first
 * field that is wrong gets the focus, where a screen reader reads what is wrong with it.
 */
export function useFormAct<Values extends FormValues>(
  form: UseFormReturnType<Values>,
  act: (values: Values) => Promise<void>,
  fieldOfCode: Readonly<Record<string, string>> = {},
): FormAct {
  const texts = useTexts(problemTexts)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  function showErrors(errors: Record<string, React.ReactNode>) {
    form.setErrors(errors)
    focusFirst(Object.keys(errors))
  }

  function focusFirst(fields: readonly string[]) {
    const first = Object.keys(form.getValues()).find((field) => fields.includes(field))
    // After the fields are free again.
    if (first !== undefined) setTimeout(() => form.getInputNode(first)?.focus(), 0)
  }

  function show(problem: unknown) {
    const errors = fieldErrors(problem)
    if (Object.keys(errors).length === 0) setError(problem)
    else showErrors(errors)
  }

  function fieldErrors(problem: unknown): Record<string, string> {
    if (!(problem instanceof ApiProblem)) return {}
    const values = form.getValues()
    const known = problem.errors.filter(({ field }) => field in values)
    if (known.length > 0) return Object.fromEntries(known.map(({ field, message }) => [field, message]))
    const field = fieldOfCode[problem.code]
    return field === undefined ? {} : { [field]: texts.byCode[problem.code] ?? problem.message }
  }

  async function run(values: Values) {
    if (isBusy) return
    setBusy(true)
    setError(null)
    try {
      await act(values)
    } catch (problem) {
      show(problem)
    } finally {
      setBusy(false)
    }
  }

  return { onSubmit: form.onSubmit(run, (errors) => focusFirst(Object.keys(errors))), isBusy, error }
}
