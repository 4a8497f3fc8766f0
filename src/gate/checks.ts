/** Name of the check that a dataset's keys are unique. */
export function checkOfUniqueKey(dataset: string): string {
  return `${dataset}_primary_key_unique`;
}
