import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';

/** Pushes to open WebSocket connections. */
export interface Push {
  /** False when the connection is gone. */
  post(connectionId: string, message: unknown): Promise<boolean>;
}

/** The @connections of one WebSocket stage. */
export function openPush(endpoint: string, client = new ApiGatewayManagementApiClient({ endpoint })): Push {
  return {
    async post(connectionId, message) {
      try {
        await client.send(
          new PostToConnectionCommand({
            ConnectionId: connectionId,
            Data: Buffer.from(JSON.stringify(message)),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof GoneException) return false;
        throw error;
      }
    },
  };
}
