import { type ReactNode, useEffect } from "react";
import { Wordmark } from "../../ui/Wordmark";
import classes from "./Entrance.module.css";

interface Props {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** The page before the stage door: one thing to do, and what this house is about. */
export function Entrance({ title, lead, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Understudy`;
  }, [title]);
  return (
    <div className={classes.entrance}>
      <aside className={classes.side}>
        <Wordmark height={26} />
        <StageScene />
        <p className={classes.creed}>
          See the app as your user sees it. With a reason, for a while, in both names.
        </p>
      </aside>
      <main className={classes.main}>
        <div className={classes.sheet}>
          <div className={classes.brand}>
            <Wordmark height={24} />
          </div>
          <h1 className={classes.title}>{title}</h1>
          {lead !== undefined && <p className={classes.lead}>{lead}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}

function StageScene() {
  return (
    <svg className={classes.scene} viewBox="0 0 360 300" aria-hidden="true">
      <defs>
        <linearGradient id="beam" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" className={classes.bright} />
          <stop offset="1" className={classes.faint} />
        </linearGradient>
      </defs>
      <path className={classes.rig} d="M70 6h220" />
      <path className={classes.lamp} d="M160 6h40l-6 20h-28z" />
      <path fill="url(#beam)" d="M167 28h26l121 238H46z" />
      <ellipse className={classes.pool} cx="180" cy="266" rx="134" ry="19" />
      <g className={classes.behind}>
        <path d="M206 104a30 30 0 0 1 0 60" />
        <path d="M226 181c33 8 50 38 50 84" />
      </g>
      <g className={classes.front}>
        <circle cx="166" cy="128" r="34" />
        <path d="M92 268c0-58 28-92 74-92s74 34 74 92c-22 4-48 6-74 6s-52-2-74-6z" />
      </g>
    </svg>
  );
}
