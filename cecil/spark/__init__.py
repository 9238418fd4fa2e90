"""Cecil in Apache Spark: the same judging, over Arrow batches, in Spark's Python workers.

    redact(df, policy, key=…)    a DataFrame redacted: `data`, `quarantine`, `counts`
    fingerprint(df)              a DataFrame of fingerprints of LLM calls

    from cecil.spark import redact

    done = redact(spark.read.parquet("s3a://raw/logs"), "hipaa", key="/etc/cecil/cecil.key")
    done.data.write.parquet("s3a://clean/logs")
    done.quarantine.write.json("s3a://raw/quarantine")
    done.counts.check()

`cecil-spark` is the job for files. Needs the extra `spark` on the driver and on every worker. A column is
judged as the field of a JSON record of its name is; types stay, see `cecil.sanitizer.arrow`.
"""

from cecil.spark.tables import Redacted, fingerprint, redact

__all__ = ["Redacted", "fingerprint", "redact"]
