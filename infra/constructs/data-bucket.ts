import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import type { AppFunction } from './app-function.ts';

/** Files dropped here are imported. */
export const DROP_PREFIX = 'drop/';
/** Rows that were refused, with the reason of each. */
export const REJECTS_PREFIX = 'rejects/';

/** Forecasting models of many series. */
export const MODELS_PREFIX = 'models/';

/** The bucket of what comes in, what was refused, and what was learnt. */
export class DataBucket extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: config.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [
        { id: 'dropped-files', prefix: DROP_PREFIX, expiration: Duration.days(config.dropDays) },
        { id: 'rejects', prefix: REJECTS_PREFIX, expiration: Duration.days(config.rejectsDays) },
        {
          id: 'leftovers',
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(2),
        },
      ],
      // browsers upload by signed forms and addresses: the signature is what lets them in, not where the page came from
      cors: [
        {
          allowedMethods: [s3.HttpMethods.POST, s3.HttpMethods.PUT],
          allowedOrigins: ['*'],
          allowedHeaders: ['*'],
          maxAge: 3600,
        },
      ],
    });
  }

  /** Lets a function read dropped files and write rejects. */
  openForImport(importer: AppFunction): void {
    importer.allow(['s3:GetObject'], [this.bucket.arnForObjects(`${DROP_PREFIX}*`)]);
    importer.allow(
      ['s3:PutObject', 's3:AbortMultipartUpload'],
      [this.bucket.arnForObjects(`${REJECTS_PREFIX}*`)],
    );
    // without it S3 answers 403, not 404, for a file that is gone
    importer.allow(['s3:ListBucket'], [this.bucket.bucketArn]);
  }

  /** Lets a function store models and forget old ones. */
  openForTraining(trainer: AppFunction): void {
    trainer.allow(
      ['s3:PutObject', 's3:AbortMultipartUpload', 's3:DeleteObject'],
      [this.bucket.arnForObjects(`${MODELS_PREFIX}*`)],
    );
  }

  /** Lets a function load models. */
  openForForecasting(forecaster: AppFunction): void {
    forecaster.allow(['s3:GetObject'], [this.bucket.arnForObjects(`${MODELS_PREFIX}*`)]);
    // without it S3 answers 403, not 404, for a model that is gone
    forecaster.allow(['s3:ListBucket'], [this.bucket.bucketArn]);
  }

  /** Lets a function sign uploads into the drop and downloads of rejects. */
  openForExchange(signer: AppFunction): void {
    signer.allow(['s3:PutObject'], [this.bucket.arnForObjects(`${DROP_PREFIX}*`)]);
    signer.allow(['s3:GetObject'], [this.bucket.arnForObjects(`${REJECTS_PREFIX}*`)]);
  }
}
