import { describe, expect, it } from '@jest/globals';
import { parseJavaHome, trustStoreOptions } from '../../../local/setup/java';

const settings = (version: string): string => `Property settings:
    java.class.path = 
    java.home = /opt/a java
    java.specification.version = ${version}
    java.vm.specification.version = 17
openjdk version "17.0.9" 2023-10-17
`;

describe('the choice of a Java', () => {
  it('takes the home of a Java 17, blanks included', () => {
    expect(parseJavaHome(settings('17'))).toBe('/opt/a java');
  });

  it.each(['1.8', '11', '21', '170'])('refuses Java %s', (version) => {
    expect(parseJavaHome(settings(version))).toBeUndefined();
  });

  it('refuses what is no Java', () => {
    expect(
      parseJavaHome('The operation couldn’t be completed. Unable to locate a Java Runtime.'),
    ).toBeUndefined();
  });
});

describe('a Java that brings its own certificates', () => {
  it('trusts the store of the system when there is one', () => {
    const options = trustStoreOptions((file) => file === '/etc/pki/java/cacerts');
    expect(options).toContain('-Djavax.net.ssl.trustStore=/etc/pki/java/cacerts');
  });

  it('keeps its own where the system has none', () => {
    expect(trustStoreOptions(() => false)).toEqual([]);
  });
});
