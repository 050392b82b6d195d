// What is wrong with a field about an account, before it is sent; null when nothing is.
import type { DashboardConfig } from '../api/session.ts'
import type { accountTexts } from './texts.ts'

type Words = (typeof accountTexts)['en']

/** Lengths of passwords, until the gateway has said its own. */
export const USUAL_PASSWORD: DashboardConfig['password'] = { min: 10, max: 128 }

const CODE = /^\d{6}$/

/** Only the mail server knows an address; a slip of the finger shows here. */
export function emailProblem(email: string, texts: Words): string | null {
  return /^\S+@\S+\.\S+$/.test(email.trim()) ? null : texts.emailWrong
}

/** Of a password that is being chosen. */
export function newPasswordProblem(
  password: string,
  limits: DashboardConfig['password'],
  texts: Words,
): string | null {
  if (password.length < limits.min) return texts.passwordShort(limits.min)
  return password.length > limits.max ? texts.passwordLong(limits.max) : null
}

/** Of a password that is already there. */
export function passwordProblem(password: string, texts: Words): string | null {
  return password === '' ? texts.passwordMissing : null
}

/** Of a person's name. */
export function nameProblem(name: string, texts: Words): string | null {
  return name.trim() === '' ? texts.nameMissing : null
}

/** The digits of a code, however it was pasted. */
export const codeDigits = (code: string): string => code.replace(/\D/g, '')

/** Of a code from an authenticator app. */
export function codeProblem(code: string, texts: Words): string | null {
  return CODE.test(codeDigits(code)) ? null : texts.codeWrong
}
