"""企划桌面 · Qihua Desktop: the corporate planning department's workbench on one laptop."""

__version__ = "0.1.0"
