import * as z from 'zod';
import { Health, readHealth, VERSION } from '../http/read-health.ts';
import { route } from '../http/route.ts';

/** Clients of OAuth 2 send more, such as `grant_type`. */
const Credentials = z.looseObject({
  username: z.string().min(1).max(128),
  password: z.string().min(1).max(256),
});

export const serviceRoutes = [
  route({
    method: 'GET',
    path: '/health',
    summary: 'Whether the service works, and how far the main job is',
    roles: 'public',
    answer: Health,
    run: ({ database, healthAsksDatabase }) => readHealth(healthAsksDatabase ? database : undefined),
  }),
  route({
    method: 'POST',
    path: '/auth/token',
    summary: 'Exchange user name and password, as JSON or a form, for an access token',
    roles: 'public',
    body: Credentials,
    answer: z.object({
      access_token: z.string(),
      token_type: z.literal('bearer'),
      expires_in: z.int(),
    }),
    effect: 'reads',
    async run({ signIn }, { body }) {
      const { token, expiresIn } = await signIn(body.username, body.password);
      return { access_token: token, token_type: 'bearer' as const, expires_in: expiresIn };
    },
  }),
];

/** GET / for programs. */
export const Welcome = z.object({
  message: z.string(),
  version: z.string(),
  /** A single accuracy figure would mislead: see the accuracy of each demand class. */
  smape: z.null(),
  model: z.string(),
  docs: z.string(),
  endpoints: z.record(z.string(), z.string()),
});

/** What the root tells a program of the routes of this table. */
export function welcome(routes: readonly { method: string; path: string }[]): z.infer<typeof Welcome> {
  const firstOf = (path: string) => path.split('/')[1] || 'root';
  const endpoints = routes.map((one) => [firstOf(one.path), `/${firstOf(one.path)}`] as const);
  return {
    message: 'smart-inventory: demand planning and replenishment',
    version: VERSION,
    smape: null,
    model: 'a forecasting model chosen for each series',
    docs: '/docs',
    endpoints: Object.fromEntries(endpoints.filter(([name]) => name !== 'root')),
  };
}
