"""The tab of quotes and contracts: who offers what, what was signed, and when it is to be paid."""
