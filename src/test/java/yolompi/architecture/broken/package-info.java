/**
 * Classes that break each rule of {@link yolompi.architecture.ArchitectureRules}. Nothing calls
 * them.
 */
package yolompi.architecture.broken;
