/**
 * The recipe: everything that decides a training run, as records that check themselves.
 *
 * <p>Begin with {@link yolompi.recipe.Recipe}, whose parts are the tables of the file, and with the resource {@code defaults.toml}, which
 * holds a default and a reason for every key. {@link yolompi.recipe.RecipeFile} lays a file and overrides over the defaults,
 * and writes the outcome down.
 */
package yolompi.recipe;
