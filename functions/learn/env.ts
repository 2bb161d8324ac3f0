import * as z from 'zod';
import { BusEnv, DatabaseEnv, LogEnv } from '../../shared/runtime/env-parts.ts';

export const LearnEnv = z.object({ ...DatabaseEnv.shape, ...BusEnv.shape, ...LogEnv.shape });
