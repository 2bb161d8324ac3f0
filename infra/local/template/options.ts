/** Where the local runtime serves what the template describes. */
export interface WiringOptions {
  /** Of the edge that answers the AWS APIs, such as `http://127.0.0.1:4566`. */
  readonly edgeBase: string;
  /** Of the HTTP API and the dashboard, such as `http://127.0.0.1:8080`. */
  readonly httpBase: string;
  /** Of the WebSocket API, such as `ws://127.0.0.1:8080`. */
  readonly webSocketBase: string;
}
