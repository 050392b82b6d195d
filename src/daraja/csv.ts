// Reads comma-separated values (RFC 4180): quotes, line ends of every system, the separators of spreadsheets.

/** One record and the line on which it begins, counted from 1. */
export type CsvRecord = { line: number; cells: string[] }

/** The records of `text`; null when a quote is never closed. Cells are trimmed. */
export function readCsv(text: string, separator: string): CsvRecord[] | null {
  const records: CsvRecord[] = []
  let line = 1
  let record: CsvRecord = { line, cells: [] }
  let cell = ''
  let isQuoted = false
  const endCell = () => {
    record.cells.push(cell.trim())
    cell = ''
  }
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '\n') line += 1
    if (isQuoted) {
      if (character !== '"') cell += character
      else if (text.charAt(at + 1) !== '"') isQuoted = false
      else {
        cell += '"'
        at += 1
      }
    } else if (character === '"' && cell.trim() === '') {
      isQuoted = true
      cell = ''
    } else if (character === separator) endCell()
    else if (character === '\n') {
      endCell()
      records.push(record)
      record = { line, cells: [] }
    } else if (character !== '\r') cell += character
  }
  if (isQuoted) return null
  endCell()
  records.push(record)
  return records.filter(({ cells }) => cells.some((each) => each !== ''))
}
