/**
 * Many runs of one recipe with different values: {@link yolompi.campaign.Sweep} says which, {@link yolompi.campaign.Campaign} is the folder that
 * holds them.
 */
package yolompi.campaign;
