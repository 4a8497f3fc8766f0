import { testHalf } from './halves';

testHalf(2);
