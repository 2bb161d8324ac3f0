/** The limits that the Data API documents, and two that only this machine needs. */
export interface DataApiLimits {
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly formattedBytes: number;
  readonly rowBytes: number;
  readonly statementMs: number;
  readonly transactionIdleMs: number;
  readonly transactionMs: number;
  /** Statements at once of one user in one database, and as many again waiting before they are turned away. */
  readonly poolSize: number;
  readonly queueSize: number;
  /** Open transactions of one user in one database. */
  readonly transactions: number;
}

/** The limits that hold unless a test shortens them. */
export const DATA_API_LIMITS: DataApiLimits = {
  requestBytes: 4 * 1024 * 1024,
  responseBytes: 1024 * 1024,
  formattedBytes: 10 * 1024 * 1024,
  rowBytes: 64 * 1024,
  statementMs: 45_000,
  transactionIdleMs: 3 * 60_000,
  transactionMs: 24 * 60 * 60_000,
  poolSize: 16,
  queueSize: 2_000,
  transactions: 64,
};
