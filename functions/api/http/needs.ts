import type { Queue } from '../../../shared/aws/queue.ts';
import type { Vault } from '../../../shared/aws/vault.ts';
import type { Database } from '../../../shared/data/sql/database.ts';
import type { Uploads } from '../imports/uploads.ts';
import type { SignIn } from './sign-in.ts';
import type { StaticFiles } from './static-files.ts';

/** What the API's routes stand on. */
export interface ApiNeeds {
  readonly database: Database;
  /** Publishes the events of committed transactions. */
  publishEvents(): Promise<void>;
  readonly planQueue: Queue;
  readonly trainQueue: Queue;
  readonly ingestQueue: Queue;
  readonly simulateQueue: Queue;
  /** Whether businesses may be invented into this stage's ledger. */
  readonly areSimulationsAllowed: boolean;
  readonly sourceQueue: Queue;
  /** Whether products can be sourced. The key itself is not for the API. */
  hasSearchKey(): Promise<boolean>;
  readonly auditQueue: Queue;
  readonly signIn: SignIn;
  readonly uploads: Uploads;
  /** Locks the secrets of shops and subscribers. */
  readonly vault: Vault;
  /** An order of Square, whose events leave out its lines. */
  readonly askSquare: (orderId: string, accessToken: string) => Promise<unknown>;
  /** Deliveries to subscribers. */
  readonly deliverQueue: Queue;
  /** Whether subscribers may be on this machine. */
  readonly isLoopbackToo: boolean;
  /** The dashboard. */
  readonly files: StaticFiles;
  /** wss address on which browsers hear events. */
  readonly streamUrl: string;
  readonly isRateLimited: boolean;
  /** Whether GET /health tells of the database, which wakes it; anybody may ask. */
  readonly healthAsksDatabase: boolean;
  now(): Date;
  /** Told about what is a bug or a failure, never about refusals. */
  report(message: string, error: unknown): void;
}
