import type { Zone } from '../metrics/measureStorage';

type Rule = Readonly<Record<string, unknown>>;

const ENABLED = { Status: 'Enabled' } as const;
const ABORT: Rule = {
  ...{ Id: 'abort-uploads', ...ENABLED },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
};
const OLD_VERSIONS: Rule = {
  ...{ Id: 'expire-old-versions', ...ENABLED, ExpiredObjectDeleteMarker: true },
  NoncurrentVersionExpiration: { NoncurrentDays: '${param:noncurrentVersionDays}' },
};
const TO_COLD_STORAGE: Rule = {
  ...{ Id: 'archived-to-cold-storage', ...ENABLED, Prefix: 'archived/' },
  Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: '${param:archiveTransitionDays}' }],
};
/**
 * What can be made again is gone for good soon after. Of working copies that is what a function that was given up on copies
 * later, and the copy of a file that failed: no entry stays open that long.
 */
const REPRODUCIBLE = new Set(['processing', 'query-results']);

/**
 * The lifecycle configuration of each bucket, with what the stage's parameters say filled in when it is packaged.
 *
 * @param folders below the prefix of a zone that is kept by dataset.
 */
export function lifecycleRules(
  zones: Readonly<Record<string, Zone>>,
  folders: readonly string[],
): Record<string, { readonly Rules: readonly Rule[] }> {
  const buckets = [...new Set(Object.values(zones).map(({ bucket }) => bucket))];
  const rulesOf = (bucket: string): Rule[] =>
    Object.entries(zones).flatMap(([name, zone]) =>
      zone.bucket === bucket ? expirations(name, zone, folders) : [],
    );
  return Object.fromEntries(
    buckets.map((bucket) => {
      const cold = bucket === 'landing' ? [TO_COLD_STORAGE] : [];
      return [bucket, { Rules: [ABORT, ...cold, ...rulesOf(bucket), OLD_VERSIONS] }];
    }),
  );
}

function expirations(name: string, { prefix, days, byDataset }: Zone, folders: readonly string[]): Rule[] {
  if (days === undefined) return [];
  const soon = REPRODUCIBLE.has(name) ? { NoncurrentVersionExpiration: { NoncurrentDays: 1 } } : {};
  if (byDataset !== true)
    return [
      { Id: `expire-${name}`, ...ENABLED, Prefix: prefix, ExpirationInDays: `\${param:${days}}`, ...soon },
    ];
  return folders.map((folder) => ({
    ...{ Id: `expire-${name}-${folder}`, ...ENABLED, Prefix: `${prefix}${folder}/` },
    ExpirationInDays: `\${param:${days}.${folder}, param:${days}}`,
  }));
}
