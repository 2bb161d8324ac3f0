import * as z from 'zod';
import { DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const StreamEnv = z.object({ ...DatabaseEnv.shape, ...LogEnv.shape });
