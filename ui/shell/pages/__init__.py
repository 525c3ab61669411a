"""Pages of the workbench and the department."""
