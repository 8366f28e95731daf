package io.bulwark.backup.run;

/**
 * What reading back met.
 *
 * @param objects tables, indexes and everything else that a restore would create
 * @param tables those that come with their rows
 */
record Proof(int objects, int tables) {}
