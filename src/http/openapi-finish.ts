// The last touches to the OpenAPI document: what routes cannot say by their schemas.
import type { SwaggerTransformObject } from '@fastify/swagger'

type Document = Parameters<SwaggerTransformObject>[0]

/** Operations whose body may be left out; the plugin takes every body for required. */
const BODY_OPTIONAL: ReadonlySet<string> = new Set([
  'rotateWebhookSecret',
  'rotateWebhookKey',
  'rotateApiKey',
])

/** The hooks take any method; one is enough for the document, which has no word for any. */
const HOOK_OPERATIONS: { readonly [path: string]: string } = {
  '/hooks/stk-push': 'stkPushCallbackWithoutToken',
  '/hooks/stk-push/{token}': 'stkPushCallback',
}

const CALLBACK_BODY = {
  required: true,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/StkCallback' } } },
}

/** Names the server and mends the operations. */
export function finishDocument(document: Document, publicUrl: string): ReturnType<SwaggerTransformObject> {
  if (!('openapiObject' in document)) throw new Error('the document is no OpenAPI 3 document')
  const { openapiObject } = document
  const paths = Object.entries(openapiObject.paths ?? {}).map(([path, item]) => {
    const operationId = HOOK_OPERATIONS[path]
    if (operationId !== undefined && item?.post !== undefined) {
      return [path, { post: { ...item.post, operationId, requestBody: CALLBACK_BODY } }]
    }
    const body = item?.post?.requestBody
    const isOptional = BODY_OPTIONAL.has(item?.post?.operationId ?? '')
    if (isOptional && body !== undefined && 'required' in body) body.required = false
    return [path, item]
  })
  return { ...openapiObject, servers: [{ url: publicUrl }], paths: Object.fromEntries(paths) }
}
