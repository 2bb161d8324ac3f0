import type { Policy } from '../../shared/contracts/policy.ts';
import type { PlanSettings } from '../../shared/data/planning/setting-store.ts';
import type { ClassPolicies, ItemPolicy } from '../../shared/data/policies/policy-store.ts';

export interface PolicySources {
  /** Of the series; undefined for one that has not sold for a year, or is new. */
  readonly className: string | undefined;
  readonly classes: ClassPolicies;
  /** What is set for the product at the location, on the day of the plan. */
  readonly item: ItemPolicy | undefined;
  readonly settings: PlanSettings;
}

/** The policy of a series: that of its class, or of the settings where it has none; what is set for the item itself wins, field by field. */
export function policyOf({ className, classes, item, settings }: PolicySources): Policy {
  const byClass = settings.policies === 'by-class' && className ? classes.get(className) : undefined;
  const general = byClass
    ? { ...byClass, source: `class ${className}` }
    : {
        kind: 's-S' as const,
        target: { kind: 'cycle-service' as const, value: settings.service_level },
        reviewDays: settings.review_days,
        source: 'settings',
      };
  return {
    kind: item?.kind ?? general.kind,
    target: item?.target ?? general.target,
    reviewDays: item?.reviewDays ?? general.reviewDays,
    minimum: item?.minimum ?? null,
    maximum: item?.maximum ?? null,
    safetyLeadDays: item?.safetyLeadDays ?? 0,
    source: item
      ? `override of the item${item.setBy === null ? '' : ` by ${item.setBy}`} over ${general.source}`
      : general.source,
  };
}
