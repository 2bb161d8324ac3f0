import { answerJson } from '../http/answer-json.ts';
import { decode } from '../http/match-route.ts';
import { BodyTooLarge, readBody } from '../http/read-body.ts';
import { splitTarget } from '../http/split-target.ts';
import type { EdgeService } from '../services.ts';
import type { Connection } from './connection.ts';
import type { GatewayLimits } from './limits.ts';

/** The @connections API: POST sends to a connection, GET tells about it, DELETE ends it; 410 when it is gone. */
export function connectionsService(
  find: (stageName: string, connectionId: string) => Connection | undefined,
  limits: GatewayLimits,
): EdgeService {
  return {
    async handle(request, response) {
      const refuse = (status: number, type: string, message: string) =>
        answerJson(response, status, { message }, { 'x-amzn-errortype': type });
      // Browsers cannot sign, so no page reaches a connection through here.
      if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))
        return refuse(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
      const asked = parseConnectionsPath(request.url ?? '/');
      const connection = asked && find(asked.stageName, asked.connectionId);
      if (!connection) return refuse(410, 'GoneException', 'Gone');
      if (request.method === 'GET') {
        const { connectedAt, sourceIp, userAgent } = connection.facts;
        return answerJson(response, 200, {
          connectedAt: new Date(connectedAt).toISOString(),
          identity: { sourceIp, userAgent },
          lastActiveAt: new Date(connection.lastActiveAt()).toISOString(),
        });
      }
      if (request.method === 'DELETE') {
        connection.end(1000, 'Connection Closed Normally');
        response.writeHead(204).end();
        return;
      }
      if (request.method !== 'POST') return refuse(403, 'ForbiddenException', 'Forbidden');
      let data: Buffer;
      try {
        data = await readBody(request, limits.maxMessageBytes);
      } catch (error) {
        if (!(error instanceof BodyTooLarge)) throw error;
        request.resume();
        return refuse(413, 'PayloadTooLargeException', 'Payload Too Large');
      }
      try {
        await connection.send(data);
      } catch {
        return refuse(410, 'GoneException', 'Gone');
      }
      response.writeHead(200, { 'content-length': 0 }).end();
    },
  };
}

/** Stage and connection of `/<stage>/@connections/<id>`, or undefined for any other path. */
export function parseConnectionsPath(
  target: string,
): { stageName: string; connectionId: string } | undefined {
  const parts = splitTarget(target)[0].split('/').map(decode);
  const [empty, stageName, marker, connectionId, ...more] = parts;
  if (empty !== '' || !stageName || marker !== '@connections' || !connectionId || more.length > 0)
    return undefined;
  return { stageName, connectionId };
}
