// Words of the export of payments.
import type { Texts } from '../../texts/language.tsx'

type ExportTexts = {
  act: string
  running: (rows: string, expected: string | null) => string
  stop: string
  done: (rows: string) => string
  cancelled: string
  failed: string
  failedText: (rows: string) => string
  close: string
  progress: string
}

/** The export of payments. */
export const exportTexts: Texts<ExportTexts> = {
  en: {
    act: 'Export CSV',
    running: (rows, expected) =>
      expected === null ? `${rows} rows …` : `${rows} of about ${expected} rows …`,
    stop: 'Stop',
    done: (rows) => `The file is complete: ${rows} payments.`,
    cancelled: 'Stopped. No file was kept.',
    failed: 'The export was cut off and is incomplete',
    failedText: (rows) =>
      `It ended after ${rows} rows, and what had come was thrown away. Export again for a whole file.`,
    close: 'Close',
    progress: 'Progress of the export',
  },
  sw: {
    act: 'Pakua CSV',
    running: (rows, expected) =>
      expected === null ? `Safu ${rows} …` : `Safu ${rows} kati ya takriban ${expected} …`,
    stop: 'Simamisha',
    done: (rows) => `Faili imekamilika: malipo ${rows}.`,
    cancelled: 'Imesimamishwa. Hakuna faili iliyohifadhiwa.',
    failed: 'Upakuaji umekatika na haujakamilika',
    failedText: (rows) =>
      `Uliishia kwenye safu ${rows}, na zilizokuja zimetupwa. Pakua tena ili upate faili kamili.`,
    close: 'Funga',
    progress: 'Maendeleo ya upakuaji',
  },
}
