/** API Gateway's published limits, and the few that only this machine needs. */
export interface GatewayLimits {
  readonly maxBodyBytes: number;
  /** Request line and header values together. */
  readonly maxHeaderBytes: number;
  /** A function's event: the gateway cannot call it with more. */
  readonly maxEventBytes: number;
  readonly maxMessageBytes: number;
  readonly webSocketTimeoutMs: number;
  readonly webSocketIdleMs: number;
  readonly webSocketLifeMs: number;
  /** Messages of one connection that functions work on at once; the socket is not read beyond. */
  readonly maxMessagesInFlight: number;
  readonly maxConnections: number;
  /** How long running answers get when the gateway closes. */
  readonly closeGraceMs: number;
}

/** The limits that hold unless a test shortens them. */
export const GATEWAY_LIMITS: GatewayLimits = {
  maxBodyBytes: 10 * 1024 * 1024,
  maxHeaderBytes: 10_240,
  maxEventBytes: 6 * 1024 * 1024,
  maxMessageBytes: 128 * 1024,
  webSocketTimeoutMs: 29_000,
  webSocketIdleMs: 10 * 60_000,
  webSocketLifeMs: 2 * 60 * 60_000,
  maxMessagesInFlight: 16,
  maxConnections: 1000,
  closeGraceMs: 1000,
};
