import { isTrue, numberOf, textsOf } from './property-readers.ts';
import type { CorsDefinition } from './wiring.ts';

/** CORS settings of an HTTP API. */
export function readCors(properties: Readonly<Record<string, unknown>>): CorsDefinition {
  return {
    allowOrigins: textsOf(properties.AllowOrigins),
    allowMethods: textsOf(properties.AllowMethods),
    allowHeaders: textsOf(properties.AllowHeaders),
    exposeHeaders: textsOf(properties.ExposeHeaders),
    allowCredentials: isTrue(properties.AllowCredentials),
    maxAgeSeconds: numberOf(properties.MaxAge, 0),
  };
}
