import type { StackTemplate } from './assembly.ts';
import type { WiringOptions } from './options.ts';

/**
 * Replaces the public addresses of APIs inside any text by local ones; everything else, such as
 * the issuer of a user pool, stays. The https address of a WebSocket API is where `@connections` answers.
 */
export function rewriterOf(
  stacks: readonly StackTemplate[],
  options: WiringOptions,
): (text: string) => string {
  const webSocketIds = new Set(
    stacks.flatMap(({ name, template }) =>
      Object.entries(template.Resources ?? {})
        .filter(([, { Type, Properties }]) => isWebSocket(Type, Properties))
        .flatMap(([id]) => [id, `${name}-${id}`]),
    ),
  );
  return (text) =>
    text.replace(/(https|wss):\/\/([\w-]+)\.execute-api\.[\w.-]+/g, (_whole, scheme: string, id: string) => {
      if (scheme === 'wss') return options.webSocketBase;
      return webSocketIds.has(id) ? options.edgeBase : options.httpBase;
    });
}

function isWebSocket(type: string, properties: Readonly<Record<string, unknown>> | undefined): boolean {
  return type === 'AWS::ApiGatewayV2::Api' && properties?.ProtocolType === 'WEBSOCKET';
}
