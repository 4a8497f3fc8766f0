/** What one look at a machine or an account gave. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  /** How to mend it; absent where nothing is wrong. */
  readonly mend?: string;
}

export const fine = (name: string, found: string): Finding => ({ name, ok: true, found });

export const wrong = (name: string, found: string, mend: string): Finding => ({
  ...{ name, found, mend },
  ok: false,
});

/** A look that fails is a finding too, so that one missing permission does not hide the rest. */
export async function look(name: string, mend: string, at: () => Promise<Finding>): Promise<Finding> {
  try {
    return await at();
  } catch (error) {
    return wrong(name, error instanceof Error ? `${error.name}: ${error.message}` : String(error), mend);
  }
}
