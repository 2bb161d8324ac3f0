import type * as z from 'zod';

/** The environment of this function, checked once. The only reader of `process.env`. */
export function readEnv<T>(schema: z.ZodType<T>): T {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const names = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`environment is wrong: ${names.join('; ')}`);
}
