// Where an export goes: straight into a file where the browser can, else into its own download.

/** Takes the bytes of a file. After `discard` nothing that looks whole is left. */
export type ExportSink = {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  finish(): Promise<void>
  discard(): Promise<void>
}

type SavePicker = (options: {
  suggestedName: string
  types: { description: string; accept: Record<string, string[]> }[]
}) => Promise<FileSystemFileHandle>

const CSV = 'text/csv'
/** Bytes become a blob at this size, which browsers keep on disk and not in memory. */
const BLOB_BYTES = 4 * 1024 * 1024
/** A download has surely read its address by then. */
const ADDRESS_KEPT_MS = 60_000

/** Asks where to save `name`; null when the person closes the question. */
export async function openSink(name: string): Promise<ExportSink | null> {
  const pick = savePicker()
  if (pick === null) return downloadSink(name)
  try {
    const handle = await pick({
      suggestedName: name,
      types: [{ description: 'CSV', accept: { [CSV]: ['.csv'] } }],
    })
    const file = await handle.createWritable()
    return { write: (bytes) => file.write(bytes), finish: () => file.close(), discard: () => file.abort() }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    return downloadSink(name)
  }
}

function savePicker(): SavePicker | null {
  if (!('showSaveFilePicker' in window) || typeof window.showSaveFilePicker !== 'function') return null
  return window.showSaveFilePicker.bind(window) as SavePicker
}

function downloadSink(name: string): ExportSink {
  let blobs: Blob[] = []
  let parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  const gather = () => {
    blobs.push(new Blob(parts, { type: CSV }))
    parts = []
    size = 0
  }
  return {
    async write(bytes) {
      parts.push(bytes)
      size += bytes.length
      if (size >= BLOB_BYTES) gather()
    },
    async finish() {
      gather()
      const address = URL.createObjectURL(new Blob(blobs, { type: CSV }))
      const link = document.createElement('a')
      link.href = address
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(address), ADDRESS_KEPT_MS)
    },
    async discard() {
      blobs = []
      parts = []
    },
  }
}
