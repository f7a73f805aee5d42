/**
 * Hardware that a rank computes on. Start with {@link yolompi.distributed.device.DeviceChoice}:
 * it gives each rank a GPU or the CPU, and the precision and memory layout of the recipe, with the
 * agreement of all ranks.
 *
 * <p>{@link yolompi.distributed.device.HostResources} divides the CPUs of a host among its ranks,
 * and reads the memory of this process and of its host, within the limits of control groups.
 */
package yolompi.distributed.device;
