/**
 * The recipe: all settings of a training run, as records that validate themselves.
 *
 * <p>Start with {@link yolompi.recipe.Recipe}, whose components are the tables of the file, and
 * with the resource {@code defaults.toml}, which has a default and a reason for every key.
 * {@link yolompi.recipe.RecipeFile} merges a file and overrides into the defaults, and writes the
 * result. {@link yolompi.recipe.RecipeReference} turns {@code defaults.toml} into the reference
 * page.
 */
package yolompi.recipe;
