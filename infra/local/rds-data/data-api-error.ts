/** The errors of the RDS Data API and their HTTP status. */
const STATUS = {
  BadRequestException: 400,
  DatabaseErrorException: 400,
  DatabaseNotFoundException: 404,
  DatabaseResumingException: 400,
  DatabaseUnavailableException: 504,
  InternalServerErrorException: 500,
  InvalidSecretException: 400,
  StatementTimeoutException: 400,
  ThrottlingException: 400,
  TransactionNotFoundException: 404,
  UnknownOperationException: 404,
  UnsupportedResultException: 400,
  ValidationException: 400,
} as const;

export type DataApiErrorType = keyof typeof STATUS;

/** A refusal as the Data API words it; the SDK turns it into the typed exception of that name. */
export class DataApiError extends Error {
  override readonly name = 'DataApiError';
  readonly type: DataApiErrorType;
  readonly status: number;
  /** Further members of the error document. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    type: DataApiErrorType,
    message: string,
    options: { status?: number; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.type = type;
    this.status = options.status ?? STATUS[type];
    this.details = options.details ?? {};
  }
}

/** What the driver threw, as the Data API tells it. */
export function fromDriver(error: unknown): DataApiError {
  if (error instanceof DataApiError) return error;
  const { errno, code, sqlState, sqlMessage, message } = error as Partial<{
    errno: number;
    code: string;
    sqlState: string;
    sqlMessage: string;
    message: string;
  }>;
  if (sqlState !== undefined && errno !== undefined) {
    if (errno === UNKNOWN_DATABASE) {
      return new DataApiError('DatabaseNotFoundException', `${sqlMessage}`, { cause: error });
    }
    const text = `${sqlMessage}; Error code: ${errno}; SQLState: ${sqlState}`;
    return new DataApiError('DatabaseErrorException', text, { cause: error });
  }
  if (message === 'Queue limit reached.')
    return new DataApiError('ThrottlingException', 'Too many requests are waiting', { cause: error });
  if (code !== undefined) {
    const text = 'The database cannot be reached';
    return new DataApiError('DatabaseUnavailableException', text, { cause: error });
  }
  throw error;
}

const UNKNOWN_DATABASE = 1049;
