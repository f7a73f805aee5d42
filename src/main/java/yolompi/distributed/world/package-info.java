/**
 * Position of a process in its job, and the host that it runs on. Start with
 * {@link yolompi.distributed.world.World}.
 *
 * <p>The other classes read facts from the operating system: {@link yolompi.distributed.world.Host}
 * (host name, CPU features, address for other hosts), {@link yolompi.distributed.world.SlurmJob}
 * (environment of Slurm) and {@link yolompi.distributed.world.Signals} (signals to this process).
 * None of them communicates with other ranks.
 */
package yolompi.distributed.world;
