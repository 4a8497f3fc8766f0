import { expect, it } from '@jest/globals';
import { unexpectedDrift } from '../../../src/release/drift';

const drift = (type: string, status = 'MODIFIED') => ({ logicalId: 'R', type, status, properties: ['/P'] });

it('a moved alias is no drift, a deleted one and everything else is', () => {
  const moved = drift('AWS::StepFunctions::StateMachineAlias');
  const found = [drift('AWS::StepFunctions::StateMachineAlias', 'DELETED'), drift('AWS::SQS::Queue')];
  expect(unexpectedDrift([moved, ...found])).toEqual(found);
});
