/**
 * Campaigns: many runs of one recipe with different values. {@link yolompi.campaign.Sweep}
 * describes the runs, {@link yolompi.campaign.Campaign} is their folder.
 */
package yolompi.campaign;
