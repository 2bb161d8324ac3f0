import type { Functions, InvokeResult } from '../../../infra/local/services.ts';

export type LocalFunction = (event: never) => unknown;

/** Functions as plain code in this process, each named by its ARN; a throw is a function error. */
export function localFunctions(byArn: Readonly<Record<string, LocalFunction>>): Pick<Functions, 'invoke'> {
  return {
    async invoke(functionArn, event): Promise<InvokeResult> {
      const run = byArn[functionArn];
      if (!run) throw new Error(`no function ${functionArn}`);
      try {
        // What crosses to a worker is JSON, so nothing else may be in an event.
        const payload = await run(JSON.parse(JSON.stringify(event)) as never);
        return { ok: true, payload: payload === undefined ? null : JSON.parse(JSON.stringify(payload)) };
      } catch (error) {
        const { name, message } = error as Error;
        return { ok: false, errorType: name, errorMessage: message };
      }
    },
  };
}
