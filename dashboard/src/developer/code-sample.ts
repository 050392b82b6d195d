// A sample of code for the merchant's own server.

/** One thing to do, in one language. */
export type CodeSample = { language: string; code: string }
