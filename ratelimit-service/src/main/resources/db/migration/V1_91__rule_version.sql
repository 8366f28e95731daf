-- The versions of all rules' changes: one sequence, so that a rule that is removed and made anew goes on from where it was.

create sequence rule_version;
