// What the command line changes, in the audit log: by whom of this machine.
import { hostname, userInfo } from 'node:os'
import type { AuditEntry } from '../audit/audit-entry.ts'
import type { CommandIo } from './command.ts'
import type { Session } from './session.ts'

/** Keeps what was done; when it cannot be, that is said, and the command goes on: it is done. */
export async function record(
  session: Pick<Session, 'audit'>,
  io: Pick<CommandIo, 'stderr'>,
  entry: Omit<AuditEntry, 'actor' | 'ip' | 'userAgent'>,
): Promise<void> {
  const detail = { ...entry.detail, ...describeMachine() }
  const isWritten = await session.audit.record({
    ...entry,
    actor: { kind: 'cli' },
    ip: null,
    userAgent: null,
    detail,
  })
  if (!isWritten) io.stderr.write('warning: this was done, but could not be written to the audit log\n')
}

/** The account of the operating system, where it has a name, and the machine. */
function describeMachine(): Record<string, string> {
  const host = hostname()
  try {
    return { os_user: userInfo().username, host }
  } catch {
    return { host }
  }
}
