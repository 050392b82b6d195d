// Holds answers to the OpenAPI document: the status is listed, and the body is as its schema says.
import { Compile } from 'typebox/schema'
import { buildOpenApiDocument } from '../openapi-document.ts'

/** An answer, and the request that it belongs to; `path` is without its query. */
export type CheckedAnswer = {
  method: string
  path: string
  status: number
  contentType: string | undefined
  text: string
}

/** What is wrong with an answer by the document, or null when it is as documented. */
export type AnswerChecker = (answer: CheckedAnswer) => string | null

type Json = Record<string, unknown>
type Operation = { form: RegExp; method: string; responses: Json }

/** A checker over the gateway's own document. */
export async function createAnswerChecker(): Promise<AnswerChecker> {
  const document = (await buildOpenApiDocument()) as Json
  const operations = findOperations(document)
  return (answer) => {
    const method = answer.method.toLowerCase()
    const operation = operations.find((each) => each.method === method && each.form.test(answer.path))
    if (operation === undefined) return `${answer.method} ${answer.path} is not documented`
    const response = operation.responses[String(answer.status)] as Json | undefined
    if (response === undefined) return `status ${answer.status} is not documented`
    return checkContent(document, response.content as Json | undefined, answer)
  }
}

function checkContent(document: Json, content: Json | undefined, answer: CheckedAnswer): string | null {
  if (content === undefined) return answer.text === '' ? null : 'a body where none is documented'
  const type = (answer.contentType ?? '').split(';')[0] ?? ''
  const media = content[type] as { schema: Json } | undefined
  if (media === undefined) return `the content type "${type}" is not documented`
  if (!type.endsWith('json')) return null
  // References point into the whole document.
  const validator = Compile({ ...closed(media.schema), components: closed(document.components as Json) })
  const [ok, errors] = validator.Errors(JSON.parse(answer.text))
  return ok ? null : JSON.stringify(errors)
}

/** The schema with nothing allowed that it does not list: an answer shows no more than is documented. */
function closed(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('properties' in value)) return value
    return 'additionalProperties' in value ? value : { ...value, additionalProperties: false }
  }) as Json
}

/** Those without a parameter first, as the router takes them. */
function findOperations(document: Json): Operation[] {
  const paths = Object.entries(document.paths as Record<string, Json>)
  paths.sort(([one], [other]) => Number(one.includes('{')) - Number(other.includes('{')))
  return paths.flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      form: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
      method,
      responses: (operation as Json).responses as Json,
    })),
  )
}
